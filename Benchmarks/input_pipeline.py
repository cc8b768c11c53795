"""The Python side of `make benchmark-input`: the training transform of the 2021 benchmark in a torchvision + Pillow DataLoader.

Answers lines of "setting passes" with the seconds of every pass over the images of a folder. No worker process, which spares
the DataLoader the transport of batches; one thread.

Settings: `rgb` opens every image as the benchmark's code does, in RGB; `grey` keeps a grey image grey until it is a tensor.
"""

import json
import pathlib
import sys
import time
import types

sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")
import torch  # noqa: E402
import torchvision.transforms as T  # noqa: E402
from PIL import Image  # noqa: E402

torch.set_num_threads(1)
NORMALIZE = T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
GEOMETRY = [T.RandomResizedCrop(224), T.RandomHorizontalFlip(), T.RandomRotation(7), T.ToTensor()]
TRANSFORMS = {
    "rgb": ("RGB", T.Compose(GEOMETRY + [NORMALIZE])),
    "grey": ("L", T.Compose(GEOMETRY + [T.Lambda(lambda x: x.expand(3, -1, -1)), NORMALIZE])),
}


class Images(torch.utils.data.Dataset):
    def __init__(self, paths, setting):
        self.paths, (self.mode, self.transform) = paths, TRANSFORMS[setting]

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return self.transform(Image.open(self.paths[index]).convert(self.mode)), torch.zeros(1)


def main():
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.png"))
    torch.manual_seed(1)
    for line in sys.stdin:
        setting, passes = line.split()
        loader = torch.utils.data.DataLoader(Images(paths, setting), batch_size=16)
        seconds, total = [], 0.0
        for _ in range(int(passes)):
            start = time.perf_counter()
            for images, _ in loader:
                total += float(images[0, 0, 0, 0])
            seconds.append(time.perf_counter() - start)
        print(json.dumps({"seconds": seconds, "images": len(paths), "first": total}), flush=True)


if __name__ == "__main__":
    main()
