"""What boto3 does against Linchpin. Argument: an empty bucket. Prints "all well" at its end, or fails on an assertion."""

import hashlib
import os
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from email.header import Header, decode_header, make_header

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

bucket = sys.argv[1]
s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}, signature_version="s3v4", max_pool_connections=32))


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, e
        return
    raise AssertionError(f"not refused: {code}")


def body_of(key, **arguments):
    return s3.get_object(Bucket=bucket, Key=key, **arguments)["Body"].read()


# Put, get, head, range.
put = s3.put_object(Bucket=bucket, Key="a/b", Body=b"0123456789", ContentType="text/x", Metadata={"who": "boto"})
got = s3.get_object(Bucket=bucket, Key="a/b")
assert got["Body"].read() == b"0123456789"
assert got["ETag"] == put["ETag"] == '"' + hashlib.md5(b"0123456789").hexdigest() + '"'
assert got["Metadata"] == {"who": "boto"} and got["ContentType"] == "text/x"
assert body_of("a/b", Range="bytes=2-4") == b"234"
refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="none")
refused("404", s3.head_object, Bucket=bucket, Key="none")
refused("NoSuchBucket", s3.list_objects_v2, Bucket="no-such-bucket-here")
refused("InvalidRange", s3.get_object, Bucket=bucket, Key="a/b", Range="bytes=10-")

# Conditions.
refused("PreconditionFailed", s3.put_object, Bucket=bucket, Key="a/b", Body=b"x", IfNoneMatch="*")
refused("PreconditionFailed", s3.put_object, Bucket=bucket, Key="a/b", Body=b"x", IfMatch='"0123"')
s3.put_object(Bucket=bucket, Key="a/b", Body=b"y", IfMatch=put["ETag"])
assert body_of("a/b") == b"y"

# Checksums of every kind that boto3 computes without more libraries.
for algorithm in ("CRC32", "SHA1", "SHA256"):
    s3.put_object(Bucket=bucket, Key="sum", Body=b"summed", ChecksumAlgorithm=algorithm)
    head = s3.head_object(Bucket=bucket, Key="sum", ChecksumMode="ENABLED")
    assert head["Checksum" + algorithm], head

# Many at once, both listings, pages, folders, multi-delete.
with ThreadPoolExecutor(16) as pool:
    list(pool.map(lambda i: s3.put_object(Bucket=bucket, Key=f"n/{i:04d}", Body=b"%d" % i), range(300)))
keys = [o["Key"] for page in s3.get_paginator("list_objects_v2").paginate(
    Bucket=bucket, Prefix="n/", PaginationConfig={"PageSize": 70}) for o in page["Contents"]]
assert keys == [f"n/{i:04d}" for i in range(300)], keys[:5]
old = [o["Key"] for page in s3.get_paginator("list_objects").paginate(
    Bucket=bucket, Prefix="n/", PaginationConfig={"PageSize": 70}) for o in page["Contents"]]
assert old == keys
folders = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
assert [p["Prefix"] for p in folders["CommonPrefixes"]] == ["a/", "n/"]
gone = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in keys]})
assert len(gone["Deleted"]) == 300 and "Errors" not in gone

# Keys that are no paths, and keys beside their own folder.
for key in ("a", "x//y", "end/", "../up", "é", "+ %25", "l/" + "s" * 300):
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert body_of(key) == key.encode(), key
assert body_of("a/b") == b"y"

# Copy with and without its metadata.
s3.put_object(Bucket=bucket, Key="src é", Body=b"copied", Metadata={"m": "1"})
s3.copy_object(Bucket=bucket, Key="dst", CopySource={"Bucket": bucket, "Key": "src é"})
assert s3.head_object(Bucket=bucket, Key="dst")["Metadata"] == {"m": "1"}
s3.copy_object(Bucket=bucket, Key="dst", CopySource={"Bucket": bucket, "Key": "src é"},
               MetadataDirective="REPLACE", Metadata={"m": "2"})
assert s3.head_object(Bucket=bucket, Key="dst")["Metadata"] == {"m": "2"} and body_of("dst") == b"copied"

# Metadata beyond ASCII: boto3 refuses to send it, and sends and gives back the encoded words of RFC 2047.
s3.put_object(Bucket=bucket, Key="words", Body=b"", Metadata={"m": Header("Grüße", "utf-8").encode()})
words = s3.head_object(Bucket=bucket, Key="words")["Metadata"]["m"]
assert words.isascii() and str(make_header(decode_header(words))) == "Grüße", words

# Multipart by the transfer library, back again, and by hand with an abort.
data = os.urandom(23 * 1024 * 1024 + 17)
with open("data", "wb") as out:
    out.write(data)
config = TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=8 << 20, max_concurrency=4)
s3.upload_file("data", bucket, "large", Config=config, ExtraArgs={"Metadata": {"parts": "3"}})
s3.download_file(bucket, "large", "back", Config=config)
with open("back", "rb") as back:
    assert back.read() == data
large = s3.head_object(Bucket=bucket, Key="large")
assert large["ETag"].endswith('-3"') and large["Metadata"] == {"parts": "3"}
upload = s3.create_multipart_upload(Bucket=bucket, Key="aborted")["UploadId"]
s3.upload_part(Bucket=bucket, Key="aborted", UploadId=upload, PartNumber=1, Body=b"x")
s3.abort_multipart_upload(Bucket=bucket, Key="aborted", UploadId=upload)
refused("NoSuchUpload", s3.upload_part, Bucket=bucket, Key="aborted", UploadId=upload, PartNumber=1, Body=b"x")

# Attributes: the parts are listed where the checksum is made of theirs.
names = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
upload = s3.create_multipart_upload(Bucket=bucket, Key="parts", ChecksumAlgorithm="SHA256")["UploadId"]
sent = [s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=n, Body=b, ChecksumAlgorithm="SHA256")
        for n, b in ((1, data[:5 << 20]), (2, b"end"))]
done = s3.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload, MultipartUpload={"Parts": [
    {"PartNumber": n, "ETag": p["ETag"], "ChecksumSHA256": p["ChecksumSHA256"]} for n, p in enumerate(sent, 1)]})
told = s3.get_object_attributes(Bucket=bucket, Key="parts", ObjectAttributes=names)
assert told["ETag"] == done["ETag"].strip('"') and told["ObjectSize"] == (5 << 20) + 3, told
assert told["Checksum"] == {"ChecksumSHA256": done["ChecksumSHA256"].split("-")[0], "ChecksumType": "COMPOSITE"}, told
assert told["StorageClass"] == "STANDARD" and told["LastModified"], told
assert [(p["PartNumber"], p["Size"], p["ChecksumSHA256"]) for p in told["ObjectParts"]["Parts"]] == [
    (1, 5 << 20, sent[0]["ChecksumSHA256"]), (2, 3, sent[1]["ChecksumSHA256"])], told
page = s3.get_object_attributes(Bucket=bucket, Key="parts", ObjectAttributes=names, MaxParts=1)["ObjectParts"]
assert page["TotalPartsCount"] == 2 and page["IsTruncated"] and page["NextPartNumberMarker"] == 1, page

# Presigned.
url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "by url", "ContentType": "text/x"})
urllib.request.urlopen(urllib.request.Request(url, data=b"sent", method="PUT", headers={"Content-Type": "text/x"}))
url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "by url"})
assert urllib.request.urlopen(url).read() == b"sent"

# A bucket that is not empty stays; an emptied one goes.
refused("BucketNotEmpty", s3.delete_bucket, Bucket=bucket)
for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": o["Key"]} for o in page["Contents"]]})
s3.delete_bucket(Bucket=bucket)
refused("404", s3.head_bucket, Bucket=bucket)
print("all well")
