"""The bridge as a process that is killed, and answers that are lost: nothing twice, nothing lost."""
