class TaggedValue:
    tag: str
    value: str
    def __init__(self, tag: str, value: str) -> None: ...
