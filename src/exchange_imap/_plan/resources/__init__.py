"""One module for each noun that a plan can change; each has its :class:`~..resource.Resource` as ``RESOURCE``."""
