"""The widgets of all pages, by how their keys begin, and who may change something for others by
them.

A key that is put together elsewhere is named by its place, with how the keys begin that it has
there.
"""

Keys = dict[str, tuple[str, ...]]


def keys(listed: Keys) -> list[str]:
    """How the keys begin on the page."""
    return [key for name, its in listed.items() for key in its or (name,)]


# Of the host alone.
HOSTS: Keys = {
    "delete": (),
    "delete_now": (),
    "roll_back": (),
    "save_about": (),
    "use-": (),
    "use_shipped": (),
}

# Of who runs the room, or drew what is in it, and of the host.
ROOMS: Keys = {
    "approve_all": (),
    "delete-": (),
    "delete_all": (),
    "delete_all_now": (),
    "desk-approval-": (),
    "desk-prompt-": (),
    "drop_key": (),
    "erase_deleted": (),
    "export_room": (),
    "make_key": (),
    "teach_now": (),
    "use_in_room": (),
    "wipe_room": (),
    "wipe_room_now": (),
    "ui/drawings/album.py: chosen.key": ("label-",),
    "ui/drawings/album.py: key": ("put-back-", "put_back_all"),
    "ui/drawings/album.py: upload.key": ("bring-",),
    "ui/rooms/desk.py: f'{key}-{drawing.id}'": ("approve-", "refuse-"),
    "ui/rooms/entrance.py: f'{key}-{room}'": ("bring-back-", "erase-"),
}

# Of who may retrain.
TEACHERS: Keys = {
    "batch_train": (),
    "make_room": (),
    "resume-": (),
    "retrain": (),
    "stop": (),
}

# Of everybody: what they change is the visitor's own, or what this visitor sees.
VISITORS: Keys = {
    "album-room-": (),
    "all-": (),
    "all_runs": (),
    "batch-": (),
    "batch_again": (),
    "batch_folder": (),
    "batch_more": (),
    "batch_others": (),
    "batch_recipe": (),
    "batch_submission": (),
    "bending": (),
    "camera": (),
    "camera_on": (),
    "clear": (),
    "convolutions": (),
    "design-": (),
    "download-": (),
    "enter-": (),
    "epochs-": (),
    "erase_mine": (),
    "erase_mine_now": (),
    "example-": (),
    "example-photo": (),
    "export_mine": (),
    "feedback_place": (),
    "file": (),
    "fill": (),
    "filters-": (),
    "game_again": (),
    "game_skip": (),
    "game_stop": (),
    "game_take": (),
    "has_key": (),
    "history-": (),
    "inkling.confusion": (),
    "inkling.crop": (),
    "inkling.frame": (),
    "inkling.kiosk": (),
    "inkling.live": (),
    "inkling.maps": (),
    "inkling.notify": (),
    "inkling.replay": (),
    "inkling.sheet": (),
    "inkling.taps": (),
    "inkling.timeline": (),
    "inkling.visitor": (),
    "join_room": (),
    "label": (),
    "learns_from": (),
    "leave_room": (),
    "notebook": (),
    "optimizer": (),
    "own_network": (),
    "password": (),
    "pen": (),
    "pick-": (),
    "play": (),
    "plot-": (),
    "poster": (),
    "rate-": (),
    "recipe": (),
    "redo": (),
    "rival": (),
    "room_approval": (),
    "room_code": (),
    "room_name": (),
    "room_prompt": (),
    "run_order": (),
    "run_search": (),
    "runs_csv": (),
    "save_key": (),
    "seed": (),
    "sign_in": (),
    "sign_out": (),
    "smoothing": (),
    "ui/batch/submission.py: chosen.key": (),
    "ui/batch/uploads.py: files.key": (),
    "ui/runs/about.py: name.key": (),
    "ui/runs/about.py: notes.key": (),
    "ui/why/perturbation.py: widget.key": (),
    "undo": (),
    "unsave": (),
    "upload": (),
    "view": (),
    "why_another": (),
    "why_digit": (),
    "why_layer": (),
    "why_network-": (),
    "why_place": (),
    "why_undo": (),
    "wrong": (),
    "zoom": (),
}
