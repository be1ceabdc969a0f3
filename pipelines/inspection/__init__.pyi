from .unread import unread_fields

__all__ = ["unread_fields"]
