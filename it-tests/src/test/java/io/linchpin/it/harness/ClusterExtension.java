package io.linchpin.it.harness;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One cluster of each size for all classes that a JVM runs, ended after the last of them. Where classes are given to JVMs one
 * by one, each of them is an execution of its own: only the launcher's session is there for all.
 */
final class ClusterExtension implements ParameterResolver, AfterTestExecutionCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace CLUSTERS =
            ExtensionContext.Namespace.create(ClusterExtension.class);

    /** A boot that failed is not tried again for each test that follows. */
    private record Booted(
            @Nullable Cluster cluster, @Nullable Exception failure) implements AutoCloseable {
        static Booted of(int nodes) {
            try {
                return new Booted(Cluster.start(nodes), null);
            } catch (Exception e) {
                return new Booted(null, e);
            }
        }

        Cluster get() {
            if (cluster == null) {
                throw new IllegalStateException("the cluster did not start", failure);
            }
            return cluster;
        }

        @Override
        public void close() {
            if (cluster != null) {
                cluster.close();
            }
        }
    }

    private static Cluster cluster(ExtensionContext context) {
        int nodes =
                context.getRequiredTestClass().getAnnotation(ClusterTest.class).nodes();
        return context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, CLUSTERS)
                .computeIfAbsent(nodes, Booted::of, Booted.class)
                .get();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return cluster(context);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.err.println(context.getDisplayName() + " failed; the nodes wrote:\n"
                    + cluster(context).lastWords());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        cluster(context).assertClean();
    }
}
