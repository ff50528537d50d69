package io.linchpin.http.server;

import com.typesafe.config.Config;

/**
 * The bounds on what a client may do, as {@code linchpin.http} in {@code conf/http.conf} has them, each explained there.
 *
 * @param collectBytes bodies up to this size are collected whole before they are looked at
 * @param drainBytes how much of an unwanted body is read and thrown away to keep a connection
 */
public record Limits(
        int maxConnections,
        int backlog,
        int maxHeadBytes,
        int maxHeaders,
        long headDeadlineMillis,
        long idleTimeoutMillis,
        long bodyGraceMillis,
        long minBodyBytesPerSecond,
        long sendStallMillis,
        long lingerMillis,
        long drainBytes,
        int collectBytes) {
    public static Limits of(Config http) {
        return new Limits(
                http.getInt("max-connections"),
                http.getInt("backlog"),
                Math.toIntExact(http.getBytes("max-head-size")),
                http.getInt("max-header-lines"),
                http.getDuration("head-deadline").toMillis(),
                http.getDuration("idle-timeout").toMillis(),
                http.getDuration("body-grace").toMillis(),
                http.getBytes("min-body-rate"),
                http.getDuration("send-stall").toMillis(),
                http.getDuration("linger").toMillis(),
                http.getBytes("drain-size"),
                Math.toIntExact(http.getBytes("collect-size")));
    }
}
