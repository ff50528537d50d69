package io.linchpin.it.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import io.linchpin.cluster.membership.ClusterKeys;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.layout.ObjectTree;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrows between modules and packages, and who may move files. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ArchitectureTest::isOurs)
            .importPackages("io.linchpin");

    private static final DescribedPredicate<JavaMethodCall> MOVES_A_FILE = DescribedPredicate.describe(
            "move or link a file",
            call -> isCall(call, Posix.class, "renameat2")
                    || isCall(call, Posix.class, "linkat")
                    || isCall(call, FileIo.class, "rename")
                    || isCall(call, FileIo.class, "link"));

    private static boolean isOurs(Location location) {
        return !location.contains("/it-tests/") && !location.contains("-tests.jar");
    }

    private static boolean isCall(JavaMethodCall call, Class<?> owner, String name) {
        return call.getTarget().getOwner().isAssignableTo(owner)
                && call.getTarget().getName().equals(name);
    }

    private static boolean knowsPathsOfObjects(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .anyMatch(known -> known.isEquivalentTo(ObjectTree.class) || known.isEquivalentTo(KeyPath.class));
    }

    @Test
    void allModulesWereSeen() {
        Set<String> tops = CLASSES.stream()
                .map(type -> type.getPackageName().split("\\.", -1)[2])
                .collect(Collectors.toSet());
        assertEquals(Set.of("posix", "store", "cluster", "http"), tops);
    }

    @Test
    void arrowsBetweenModulesPointOneWay() {
        noClasses()
                .that()
                .resideInAnyPackage("io.linchpin.posix..", "io.linchpin.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.linchpin.cluster..", "io.linchpin.http..", "org.apache.pekko..", "scala..")
                .because("posix-io knows neither Pekko nor what stands on it")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.linchpin.cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.linchpin.http..", "org.apache.pekko.http..")
                .because("the coordinator does not know HTTP")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.linchpin.posix..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.linchpin.store..")
                .because("system calls do not know what they are for")
                .check(CLASSES);
    }

    @Test
    void onlyPublishingAndRecoveryMoveFilesWhereObjectsAre() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.linchpin.store.publish..", "io.linchpin.store.recovery..")
                .and(DescribedPredicate.describe(
                        "classes that know paths of objects", ArchitectureTest::knowsPathsOfObjects))
                .should()
                .callMethodWhere(MOVES_A_FILE)
                .because("a second room that moves files into a bucket would be a second writer")
                .check(CLASSES);
    }

    @Test
    void onlyThoseWithStateOfTheirOwnMoveFilesAtAll() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.linchpin.posix..",
                        "io.linchpin.store.publish..",
                        "io.linchpin.store.recovery..",
                        "io.linchpin.store.staging..",
                        "io.linchpin.store.bucket..",
                        "io.linchpin.store.layout..",
                        "io.linchpin.store.multipart..",
                        "io.linchpin.store.commit..",
                        "io.linchpin.store.node..")
                .should()
                .callMethodWhere(MOVES_A_FILE)
                .because("each of these rooms moves its own files only")
                .check(CLASSES);
        noClasses()
                .that()
                .doNotBelongToAnyOf(ClusterKeys.class)
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "move files past the layer of system calls",
                        call -> isCall(call, Files.class, "move") || isCall(call, Files.class, "copy")))
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.linchpin.store", "io.linchpin.cluster", "io.linchpin.http"})
    void packagesHaveNoCycles(String module) {
        slices().matching(module + ".(*)..")
                .should()
                .beFreeOfCycles()
                // A value that a take-over hands on: what a dead owner had answered.
                .ignoreDependency(
                        resideInAPackage("io.linchpin.store.recovery"), nameMatching(".*store\\.commit\\.Outcome.*"))
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarkedAndSaysWhatItIsFor() {
        List<String> bare = CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(one -> one.getClasses().stream()
                        .anyMatch(type -> !type.getSimpleName().equals("package-info")))
                .filter(one -> !one.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                .map(JavaPackage::getName)
                .toList();
        assertEquals(List.of(), bare);
        assertFalse(CLASSES.isEmpty());
    }

    @Test
    void nobodyUsesSerializationOrTheClockOfAnotherZone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Date")
                .because("messages are Jackson records, and times are instants")
                .check(CLASSES);
    }
}
