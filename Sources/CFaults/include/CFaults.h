// Preloaded into a process (LD_PRELOAD), makes one call of it fail, be cut short, or be its last. No function is called by name.
//
// MEDTRANSFER_FAULT_FOLDER: only files below this folder count; without it nothing is done to files.
// MEDTRANSFER_FAULT: OPERATION:NUMBER:EFFECT, such as write:17:ENOSPC. OPERATION is write, fsync, rename or thread; NUMBER counts the
//   calls of that operation from 1, and with a + behind it the effect is on all from there on; EFFECT is an error's name (ENOSPC, EIO,
//   EINTR, EAGAIN), `short` (half of a write), `kill` (SIGKILL in place of the call) or `kill-after`.
// MEDTRANSFER_FAULT_COUNTS: a file that gets the number of calls of each operation, as four 64-bit numbers in the order above.
// MEDTRANSFER_FAULT_READ: a part of the paths of files that cannot be opened for reading (EIO); MEDTRANSFER_FAULT_READ_LIMIT: how often.
// MEDTRANSFER_FAULT_LIST: PATH:NUMBER; the listing of a folder whose path ends so breaks off (EIO) behind so many names, “.” and “..” among them.
// MEDTRANSFER_FAULT_FLOCK: set, makes flock give every lock to every caller, as file systems do whose locks are local to a node.
#pragma once
