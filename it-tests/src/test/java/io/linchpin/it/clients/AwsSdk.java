package io.linchpin.it.clients;

import io.linchpin.http.testing.Signer;
import io.linchpin.it.harness.Cluster;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The AWS SDK for Java 2 with its defaults, pointed at a cluster's public port. */
final class AwsSdk {
    private static final StaticCredentialsProvider ACCOUNT =
            StaticCredentialsProvider.create(AwsBasicCredentials.create(Signer.ACCESS_KEY, Signer.SECRET_KEY));

    private AwsSdk() {}

    static S3Client sync(Cluster cluster) {
        return S3Client.builder()
                .endpointOverride(cluster.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(ACCOUNT)
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(60)))
                .build();
    }

    static S3AsyncClient async(Cluster cluster) {
        return S3AsyncClient.builder()
                .endpointOverride(cluster.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(ACCOUNT)
                .forcePathStyle(true)
                .multipartEnabled(true)
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().readTimeout(Duration.ofSeconds(60)))
                .build();
    }

    static S3Presigner presigner(Cluster cluster) {
        return S3Presigner.builder()
                .endpointOverride(cluster.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(ACCOUNT)
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build();
    }
}
