"""Why a network answers as it does: on one drawing, for anybody who asks."""
