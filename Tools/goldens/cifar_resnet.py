"""The ResNets of He et al. (2016), section 4.2, and a U-Net over them, in plain PyTorch: the second opinion for Sources/Models.

The names are those of the published files: conv1, bn1, layerS.B.{conv1,bn1,conv2,bn2}, linear. Where a block halves the resolution,
its shortcut takes every second pixel and pads the channels with zeros, half before and half behind.
"""

import torch
from torch import nn
from torch.nn import functional as F

WIDTHS = [16, 32, 64]


def conv3x3(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = conv3x3(inputs, outputs, stride), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = conv3x3(outputs, outputs), nn.BatchNorm2d(outputs)
        self.stride = stride

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        new = out.shape[1] - x.shape[1]
        x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, new // 2, new // 2))
        return F.relu(out + x)


class Encoder(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.conv1, self.bn1 = conv3x3(3, 16), nn.BatchNorm2d(16)
        inputs = 16
        for stage, width in enumerate(WIDTHS):
            blocks = [Block(inputs if b == 0 else width, width, 2 if b == 0 and stage > 0 else 1) for b in range(depth)]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
            inputs = width

    def maps(self, x):
        """The stem's and the three stages'."""
        maps = [F.relu(self.bn1(self.conv1(x)))]
        for stage in [self.layer1, self.layer2, self.layer3]:
            maps.append(stage(maps[-1]))
        return maps


class Classifier(Encoder):
    def __init__(self, depth, classes):
        super().__init__(depth)
        self.linear = nn.Linear(WIDTHS[-1], classes)

    def forward(self, x):
        return self.linear(self.maps(x)[-1].mean((2, 3)))


class DecoderBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Sequential(conv3x3(inputs, outputs), nn.BatchNorm2d(outputs), nn.ReLU())
        self.conv2 = nn.Sequential(conv3x3(outputs, outputs), nn.BatchNorm2d(outputs), nn.ReLU())

    def forward(self, x, skip):
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        return self.conv2(self.conv1(torch.cat([x, skip], 1)))


class UNet(nn.Module):
    """segmentation_models_pytorch's U-Net with as many doublings as the encoder has halvings: to 32 channels, then to 16."""

    def __init__(self, depth):
        super().__init__()
        self.encoder = Encoder(depth)
        self.decoder = nn.ModuleDict({"blocks": nn.ModuleList([DecoderBlock(64 + 32, 32), DecoderBlock(32 + 16, 16)])})
        self.segmentation_head = nn.Sequential(nn.Conv2d(16, 1, 3, padding=1))

    def forward(self, x):
        _, full, half, quarter = self.encoder.maps(x)
        coarse, fine = self.decoder["blocks"]
        return self.segmentation_head(fine(coarse(quarter, half), full))
