package org.clientproxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

/** The four rooms: each imports only those before it. */
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
                .whereLayer("proxy")
                .mayOnlyBeAccessedByLayers("main")
                .whereLayer("component")
                .mayOnlyBeAccessedByLayers("main", "proxy")
                .whereLayer("stream")
                .mayOnlyBeAccessedByLayers("main", "proxy", "component")
                .check(CLASSES);
    }

    @Test
    void theVocabularyKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage("org.clientproxy.xmpp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "org.apache.camel..", "org.slf4j..", "java.net..")
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
    void nothingSleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
    }
}
