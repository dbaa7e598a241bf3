package org.clientproxy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import java.net.IDN;
import org.junit.jupiter.api.Test;

/**
 * The rooms: each imports only those before it. On top of them stands what operators see, and beside each other the two ways
 * to run it all.
 */
class RoomsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.clientproxy");

    @Test
    void roomsAreOneWay() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("main")
                .definedBy("org.clientproxy")
                .layer("osgi")
                .definedBy("org.clientproxy.osgi..")
                .layer("observe")
                .definedBy("org.clientproxy.observe..")
                .layer("proxy")
                .definedBy("org.clientproxy.proxy..")
                .layer("component")
                .definedBy("org.clientproxy.component..")
                .layer("stream")
                .definedBy("org.clientproxy.stream..")
                .layer("xmpp")
                .definedBy("org.clientproxy.xmpp..")
                .whereLayer("main")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("osgi")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("observe")
                .mayOnlyBeAccessedByLayers("main")
                .whereLayer("proxy")
                .mayOnlyBeAccessedByLayers("main", "osgi", "observe")
                .whereLayer("component")
                .mayOnlyBeAccessedByLayers("main", "osgi", "proxy")
                .whereLayer("stream")
                .mayOnlyBeAccessedByLayers("main", "osgi", "observe", "proxy", "component")
                .check(CLASSES);
    }

    @Test
    void theVocabularyKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage("org.clientproxy.xmpp..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty..", "org.apache.camel..", "org.slf4j..", "java.net..")
                        // A pure function of strings, in a package of sockets.
                        .and(not(equivalentTo(IDN.class))))
                .check(CLASSES);
    }

    @Test
    void theStreamKnowsNoCamel() {
        noClasses()
                .that()
                .resideInAPackage("org.clientproxy.stream..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel..")
                .check(CLASSES);
    }

    @Test
    void nothingElseKnowsOsgi() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.clientproxy.osgi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.osgi..", "org.apache.camel.karaf..")
                .check(CLASSES);
    }

    @Test
    void nothingSleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
    }
}
