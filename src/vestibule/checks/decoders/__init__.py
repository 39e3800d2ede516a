"""Jobs for the nursery: each opens a stranger's file and rebuilds it. Only ever run in the sandbox."""
