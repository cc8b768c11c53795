"""Checks with PyTorch and safetensors what `medtransfer weights convert` wrote; makes nothing.

Needs: torch 2.13.0, safetensors 0.6.2, numpy 2.2.6.
Run:   medtransfer weights convert FILE --as ID --to torch --output a.pth
       medtransfer weights convert FILE --as ID --to safetensors --output a.safetensors
       Scripts/with-python Tools/goldens/written_archive.py a.pth a.safetensors

torch.load must read the archive with weights_only=True, mapped and not, and both files must hold equal elements in the
same order under the same names.
"""

import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file

archive, tensors = sys.argv[1:]
saved = torch.load(archive, weights_only=True)
mapped = torch.load(archive, weights_only=True, mmap=True)
state = saved["state_dict"]
other = load_file(tensors)
assert type(state).__name__ == "OrderedDict" and set(state) == set(other), set(state) ^ set(other)
for name, tensor in state.items():
    assert tensor.dtype == other[name].dtype and tensor.shape == other[name].shape, name
    assert tensor.is_contiguous() and not tensor.requires_grad, name
    assert torch.equal(tensor, other[name]) and torch.equal(tensor, mapped["state_dict"][name]), name
with safe_open(tensors, "pt") as file:
    metadata = file.metadata()
assert saved["meta"] == metadata, (saved["meta"], metadata)
print(f"{len(state)} tensors equal; metadata: {metadata}")
