"""Groups of responses among the processes of a run."""

from __future__ import annotations

__all__ = ["check_whole_groups"]


def check_whole_groups(count: int, size: int) -> None:
    """Refuses a share of responses that cuts a group in two.

    TRL itself only asks that all processes together have whole groups.

    Args:
        count: The responses of a process.
        size: The responses to a prompt.

    Raises:
        ValueError: They aren't whole groups.
    """
    if count % size:
        raise ValueError(
            f"a rank must have whole groups of {size} responses, it has {count}: make "
            "per_device_train_batch_size * steps_per_generation a multiple of num_generations"
        )
