"""Offline bundles: everything a machine without a network needs to install and run amlscreen."""
