"""A student's folder: lessons, snapshots, progress, submissions."""

from nnedu.workspace.workspace import Settings, Workspace

__all__ = ["Settings", "Workspace"]
