package io.linchpin.store.layout;

import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** The real system calls, of which a test alters some: a filesystem with a flaw. */
public final class AlteredPosix {
    /** What a test does with one call. */
    @FunctionalInterface
    public interface Alteration {
        /** The call's result, or null to let the real one happen. */
        @Nullable
        Object result(String call, Object[] arguments);
    }

    private static final Posix REAL = new NativePosix();

    private AlteredPosix() {}

    public static Posix with(Alteration alteration) {
        return (Posix) Proxy.newProxyInstance(
                Posix.class.getClassLoader(), new Class<?>[] {Posix.class}, (proxy, method, arguments) -> {
                    Object result = alteration.result(method.getName(), arguments);
                    if (result != null) {
                        return result;
                    }
                    try {
                        return method.invoke(REAL, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                });
    }
}
