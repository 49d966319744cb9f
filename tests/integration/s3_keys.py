"""Object keys that S3 allows and clients get wrong: what they are and how they stand on the wire."""

import urllib.parse

ODD_KEYS = ("a b", "a+b", "Zürich ☂", "a~b", "a//b", "..", "a/../b", "%41", "=&?", "!*'()")


def wire_form(key):
    """S3's own rule: everything but unreserved characters and the slash is percent-encoded, once."""
    return urllib.parse.quote(key, safe="/-_.~")
