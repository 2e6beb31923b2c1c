"""What holds for every test: how hypothesis looks for counter-examples."""

from hypothesis import HealthCheck, settings

# The same everywhere: a law that holds for a thousand examples here holds for a thousand in CI.
settings.register_profile(
    "laws", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=False
)
settings.load_profile("laws")
