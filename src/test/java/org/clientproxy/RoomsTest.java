package org.clientproxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** The four rooms: each imports only those before it. */
@AnalyzeClasses(packages = "org.clientproxy", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
    @ArchTest
    static final ArchRule roomsAreOneWay = Architectures.layeredArchitecture()
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
            .mayOnlyBeAccessedByLayers("main", "proxy", "component");

    @ArchTest
    static final ArchRule theVocabularyKnowsNoFramework = noClasses()
            .that()
            .resideInAPackage("org.clientproxy.xmpp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "org.apache.camel..", "org.slf4j..", "java.net..");

    @ArchTest
    static final ArchRule theStreamKnowsNoCamel = noClasses()
            .that()
            .resideInAPackage("org.clientproxy.stream..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    @ArchTest
    static final ArchRule nothingSleeps = noClasses().should().callMethod(Thread.class, "sleep", long.class);
}
