package io.linchpin.it.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Boots a cluster, or takes the one of that many nodes that an earlier class booted: tests get it as a parameter of type
 * {@link Cluster}. They leave every node as they found it; those that end nodes start a cluster of their own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClusterExtension.class)
public @interface ClusterTest {
    int nodes() default 3;
}
