from xml.etree.ElementTree import Element

class TaggedValue:
    tag: str
    value: str
    def __init__(self, tag: str, value: str) -> None: ...

class Serializer:  # the tests ask it what is sent
    def serialize(self, value: object) -> Element | None: ...
