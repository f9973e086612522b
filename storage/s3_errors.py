"""What an S3 endpoint's errors mean: away for now, or refused until a setting is changed.

No message repeats what the endpoint said: it may hold key ids and signatures.
"""

from __future__ import annotations

from typing import Any, Final

from boto3.exceptions import Boto3Error, RetriesExceededError, S3UploadFailedError  # type: ignore[import-untyped]
from botocore import exceptions as boto  # type: ignore[import-untyped]

from storage.errors import StorageError, StoreAwayError, StoreRefusedError

_KEYS: Final = "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
_BUCKET: Final = "Check AWS_STORAGE_BUCKET_NAME, and that the bucket exists at AWS_S3_ENDPOINT_URL."
_AWAY: Final = "It is asked again by itself; if this lasts, check AWS_S3_ENDPOINT_URL and the network."

#: S3's error codes → what happened, what to do. Codes: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_REFUSED: Final[dict[str, tuple[str, str]]] = {
    "InvalidAccessKeyId": ("The object store doesn't know the access key.", _KEYS),
    "SignatureDoesNotMatch": (
        "The object store refused the signature: the secret key is wrong.",
        "Check AWS_SECRET_ACCESS_KEY.",
    ),
    "AccessDenied": (
        "The object store doesn't allow this with the key that is set.",
        "Give the key of AWS_ACCESS_KEY_ID the right to read, write, list and delete in AWS_STORAGE_BUCKET_NAME.",
    ),
    "NoSuchBucket": ("The bucket doesn't exist.", _BUCKET),
    "InvalidBucketName": ("The bucket's name can't be one.", "Check AWS_STORAGE_BUCKET_NAME."),
    "PermanentRedirect": ("The bucket is at another endpoint.", "Check AWS_S3_ENDPOINT_URL."),
    "AuthorizationHeaderMalformed": ("The bucket is in another region.", "Check AWS_S3_ENDPOINT_URL."),
    "RequestTimeTooSkewed": (
        "The object store refused the request: this machine's clock is wrong.",
        "Set the clock (NTP).",
    ),
    "EntityTooLarge": ("The file is larger than the object store takes.", ""),
    "QuotaExceeded": ("The object store is full.", "Raise the bucket's quota, or delete videos."),
}
_BUSY: Final = frozenset(
    "SlowDown RequestTimeout RequestTimeoutException Throttling ThrottlingException InternalError "
    "ServiceUnavailable OperationAborted BadDigest XAmzContentSHA256Mismatch NoSuchUpload IncompleteBody".split()
)
_AWAY_ERRORS: Final = (
    boto.HTTPClientError,
    boto.ConnectionError,
    boto.IncompleteReadError,
    boto.ChecksumError,
    boto.FlexibleChecksumError,
    RetriesExceededError,
)

#: Everything that boto3 raises of its own.
BOTO_ERRORS: Final = (boto.BotoCoreError, boto.ClientError, Boto3Error)


def is_missing(error: BaseException) -> bool:
    """Whether `error` says that there is no such object."""
    return isinstance(error, boto.ClientError) and _code(error) in {"404", "NoSuchKey", "NotFound"}


def meaning(error: BaseException) -> StorageError:
    """One of `BOTO_ERRORS` as `StoreAwayError` or `StoreRefusedError`."""
    if isinstance(error, S3UploadFailedError) and error.__context__ is not None:
        error = error.__context__
    if isinstance(error, boto.ClientError):
        return _answer(error)
    if isinstance(error, _AWAY_ERRORS):
        return StoreAwayError("The object store does not answer.", _AWAY)
    if isinstance(error, boto.NoCredentialsError | boto.PartialCredentialsError):
        return StoreRefusedError("There is no key for the object store.", _KEYS)
    if isinstance(error, boto.ParamValidationError | boto.InvalidDNSNameError):
        return StoreRefusedError("The bucket's name can't be one.", "Check AWS_STORAGE_BUCKET_NAME.")
    return StoreRefusedError(
        f"The object store can't be used ({type(error).__name__}).",
        "Check AWS_S3_ENDPOINT_URL and AWS_STORAGE_BUCKET_NAME.",
    )


def _answer(error: boto.ClientError) -> StorageError:
    code, status = _code(error), _status(error)
    if code in _REFUSED:
        return StoreRefusedError(*_REFUSED[code])
    if status >= 500 or status in {408, 429} or code in _BUSY:
        return StoreAwayError(f"The object store is busy or broken (it answered {status}).", _AWAY)
    if status in {401, 403}:
        return StoreRefusedError(*_REFUSED["AccessDenied"])
    if status in {301, 307, 308}:
        return StoreRefusedError(*_REFUSED["PermanentRedirect"])
    named = code if code.isalnum() and not code.isdigit() else str(status)
    return StoreRefusedError(f"The object store refused the request ({named}).", _BUCKET)


def _code(error: boto.ClientError) -> str:
    answer: dict[str, Any] = error.response
    return str(answer.get("Error", {}).get("Code", ""))


def _status(error: boto.ClientError) -> int:
    answer: dict[str, Any] = error.response
    return int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
