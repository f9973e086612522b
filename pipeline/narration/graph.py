"""The voice's ONNX graph, edited as protobuf bytes: it shows its durations and takes a speed per phoneme."""

from __future__ import annotations

from collections.abc import Iterator

#: The tensor of phoneme durations before they are divided by the speed and rounded, in units of 25 ms.
DURATIONS = "/Sub_output_0"
#: The tensor of the durations that the sound has: those, divided and rounded to whole units.
UNITS = "/Cast_32_output_0"

# Field numbers of onnx.proto: ModelProto.graph, GraphProto.input and .output, ValueInfoProto.name and .type.
_GRAPH, _INPUT, _OUTPUT, _NAME, _TYPE = 7, 11, 12, 1, 2


def opened(model: bytes) -> bytes:
    """The model with `DURATIONS` and `UNITS` as two more outputs and its input `speed` as a vector.

    Raises ValueError when the model has no input of that name: it is not the model that this was made for.
    """
    out = bytearray()
    replaced = 0
    for number, raw, body in _fields(model):
        if number != _GRAPH:
            out += raw
            continue
        graph = bytearray()
        for inner, inner_raw, inner_body in _fields(body):
            speed = inner == _INPUT and _name(inner_body) == "speed"
            replaced += speed
            graph += _field(_INPUT, _vector("speed")) if speed else inner_raw
        for name in (DURATIONS, UNITS):
            graph += _field(_OUTPUT, _field(_NAME, name.encode()))
        out += _field(_GRAPH, bytes(graph))
    if replaced != 1:
        raise ValueError("the voice's model has no input named speed")
    return bytes(out)


def _vector(name: str) -> bytes:
    free = _field(1, _field(2, b"P"))  # one dimension, named, of any length
    tensor = b"\x08\x01" + _field(2, free)  # elem_type 1 is float32
    return _field(_NAME, name.encode()) + _field(_TYPE, _field(1, tensor))


def _name(value_info: bytes) -> str:
    return next(body.decode() for number, _, body in _fields(value_info) if number == _NAME)


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(field number, the field as it stands, its content when it is a string or a message) in order."""
    at = 0
    while at < len(message):
        begin = at
        key, at = _read_varint(message, at)
        body = b""
        match key & 7:
            case 0:
                _, at = _read_varint(message, at)
            case 1:
                at += 8
            case 2:
                length, at = _read_varint(message, at)
                body = message[at : at + length]
                at += length
            case 5:
                at += 4
            case _:
                raise ValueError("not a protobuf message")
        yield key >> 3, message[begin:at], body


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while message[at] & 0x80:
        value |= (message[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | message[at] << shift, at + 1


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _field(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body
