package io.linchpin.store.staging;

import io.linchpin.posix.Posix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The real system calls, with the names of those made written down and chosen ones failing instead. */
public final class WatchedPosix {
    private final List<String> calls = new ArrayList<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final Posix posix;

    public WatchedPosix(Posix real) {
        this.posix = (Posix) Proxy.newProxyInstance(
                Posix.class.getClassLoader(),
                new Class<?>[] {Posix.class},
                (proxy, method, arguments) -> call(real, method, arguments));
    }

    private Object call(Posix real, Method method, Object[] arguments) throws Throwable {
        Integer errno;
        synchronized (calls) {
            calls.add(method.getName());
            errno = failures.get(method.getName());
        }
        if (errno != null) {
            if (method.getReturnType() == long.class) {
                return (long) -errno;
            }
            return -errno;
        }
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    public Posix posix() {
        return posix;
    }

    /** From now on, the call does nothing and fails so; 0 heals it. */
    public void fail(String call, int errno) {
        if (errno == 0) {
            failures.remove(call);
        } else {
            failures.put(call, errno);
        }
    }

    /** The calls since the last time this was asked. */
    public List<String> calls() {
        synchronized (calls) {
            List<String> made = List.copyOf(calls);
            calls.clear();
            return made;
        }
    }
}
