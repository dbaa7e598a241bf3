package org.clientproxy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.IDN;
import java.util.List;
import java.util.stream.Stream;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms: each imports only those that its row names, and no rooms or classes are in a circle. */
class RoomsTest {
    private static final String ROOT = "org.clientproxy";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Jid.class.getProtectionDomain().getCodeSource().getLocation());

    /**
     * One row of the house.
     *
     * @param name the room's package below the root; empty for the root itself
     * @param below the rooms that it may import
     */
    record Room(String name, List<String> below) {
        static Room of(String name, String... below) {
            return new Room(name, List.of(below));
        }

        @Override
        public String toString() {
            return name.isEmpty() ? "main" : name;
        }
    }

    static final List<Room> HOUSE = List.of(
            Room.of("xmpp"),
            Room.of("xml", "xmpp"),
            Room.of("stream", "xml", "xmpp"),
            Room.of("component", "stream", "xml", "xmpp"),
            Room.of("component.dsl", "component"),
            Room.of("proxy.settings", "xmpp"),
            Room.of("proxy.stats", "xml", "xmpp"),
            Room.of("proxy.jat", "proxy.settings", "xmpp"),
            Room.of("proxy.pool", "proxy.stats", "proxy.settings", "stream", "xml", "xmpp"),
            Room.of("proxy.pending", "proxy.pool", "proxy.stats", "proxy.settings", "stream", "xml", "xmpp"),
            Room.of("proxy.conversations", "proxy.pool", "proxy.settings", "stream", "xmpp"),
            Room.of("proxy.caps", "proxy.pool"),
            Room.of(
                    "proxy.features",
                    "proxy.caps",
                    "proxy.pool",
                    "proxy.stats",
                    "proxy.settings",
                    "stream",
                    "xml",
                    "xmpp"),
            Room.of("proxy.answer", "proxy.caps", "proxy.pool", "proxy.settings", "stream", "xml", "xmpp"),
            Room.of("proxy.presence", "proxy.pool", "proxy.stats", "proxy.settings", "stream", "xml", "xmpp"),
            Room.of("proxy.journal", "proxy.pending", "stream", "xml", "xmpp"),
            Room.of("proxy.cluster"),
            Room.of(
                    "proxy.jgroups",
                    "proxy.cluster",
                    "proxy.journal",
                    "proxy.pending",
                    "proxy.pool",
                    "proxy.settings",
                    "proxy.stats",
                    "stream",
                    "xml",
                    "xmpp"),
            Room.of(
                    "proxy.hooks",
                    "proxy.pending",
                    "proxy.pool",
                    "proxy.stats",
                    "proxy.settings",
                    "component",
                    "stream",
                    "xmpp"),
            Room.of(
                    "proxy.routes",
                    "proxy.hooks",
                    "proxy.answer",
                    "proxy.presence",
                    "proxy.pending",
                    "proxy.conversations",
                    "proxy.pool",
                    "proxy.jat",
                    "proxy.stats",
                    "proxy.settings",
                    "component",
                    "stream",
                    "xml",
                    "xmpp"),
            Room.of("proxy.reload", "proxy.routes", "proxy.settings", "component", "stream"),
            Room.of(
                    "proxy",
                    "proxy.reload",
                    "proxy.routes",
                    "proxy.hooks",
                    "proxy.answer",
                    "proxy.features",
                    "proxy.presence",
                    "proxy.journal",
                    "proxy.pending",
                    "proxy.conversations",
                    "proxy.pool",
                    "proxy.jat",
                    "proxy.stats",
                    "proxy.settings",
                    "component",
                    "stream",
                    "xml",
                    "xmpp"),
            Room.of("config", "proxy.settings", "xmpp"),
            Room.of("observe", "proxy", "proxy.settings", "proxy.stats", "config", "component", "stream", "xmpp"),
            Room.of("osgi", "observe", "proxy", "proxy.settings", "config", "xmpp"),
            Room.of("osgi.shell", "osgi", "observe", "proxy", "xmpp"),
            Room.of(
                    "check",
                    "proxy.reload",
                    "proxy.journal",
                    "proxy.pool",
                    "proxy.settings",
                    "config",
                    "stream",
                    "xml",
                    "xmpp"),
            Room.of("", "check", "observe", "proxy", "proxy.reload", "proxy.settings", "config"));

    static Stream<Room> house() {
        return HOUSE.stream();
    }

    @Test
    void eachClassIsInARoom() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        HOUSE.stream().map(RoomsTest::packageOf).toList());
    }

    @ParameterizedTest
    @MethodSource("house")
    void importsOnlyWhatIsBelow(Room room) {
        String[] others = HOUSE.stream()
                .filter(other -> !other.equals(room) && !room.below().contains(other.name()))
                .map(RoomsTest::packageOf)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(packageOf(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(CLASSES);
    }

    @Test
    void noRoomsAreInACircle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theVocabularyKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".xmpp")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty..", "org.apache.camel..", "org.slf4j..", "java.net..")
                        // A pure function of strings, in a package of sockets.
                        .and(not(equivalentTo(IDN.class))))
                .check(CLASSES);
    }

    @Test
    void whatIsBelowTheRoutesKnowsNoCamel() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + ".xml",
                        ROOT + ".stream",
                        ROOT + ".proxy.stats",
                        ROOT + ".proxy.jat",
                        ROOT + ".proxy.pool",
                        ROOT + ".proxy.caps",
                        ROOT + ".proxy.features",
                        ROOT + ".proxy.answer",
                        ROOT + ".proxy.presence",
                        ROOT + ".proxy.conversations",
                        ROOT + ".proxy.pending",
                        ROOT + ".proxy.journal",
                        ROOT + ".proxy.cluster")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel..")
                .check(CLASSES);
    }

    @Test
    void nothingElseKnowsOsgi() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".osgi", ROOT + ".osgi.shell")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.osgi..", "org.apache.camel.karaf..")
                .check(CLASSES);
    }

    @Test
    void nothingElseKnowsKarafsShell() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".osgi.shell")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.karaf..")
                .check(CLASSES);
    }

    @Test
    void nothingElseKnowsJGroups() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".proxy.jgroups")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.jgroups..")
                .check(CLASSES);
    }

    @Test
    void nothingSleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
    }

    private static String packageOf(Room room) {
        return room.name().isEmpty() ? ROOT : ROOT + '.' + room.name();
    }
}
