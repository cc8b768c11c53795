"""torchvision's ResNets in other arithmetics: TensorFlow's SAME padding around strided windows by explicit padding (SimCLR, BYOL), and
Keras's strides and epsilon (keras.applications.ResNet50, whose own output keras_arithmetic.py compares)."""

import torchvision
from torch import nn
from torch.nn import functional as F


def pad_same(x, kernel, stride):
    def both_sides(size):
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        return total // 2, total - total // 2

    return F.pad(x, (*both_sides(x.shape[3]), *both_sides(x.shape[2])))


class SameConv2d(nn.Conv2d):
    def forward(self, x):
        x = pad_same(x, self.kernel_size[0], self.stride[0])
        return F.conv2d(x, self.weight, None, self.stride)


class SameMaxPool2d(nn.Module):
    """After a ReLU the zeros that are padded are never greater than what is there."""

    def forward(self, x):
        return F.max_pool2d(pad_same(x, 3, 2), 3, 2)


def resnet(name, arithmetic, make=torchvision.models.get_model, **options):
    """With arithmetic samePooling only max pooling is SAME, with same every convolution with a stride too; keras strides in the first
    1 x 1 convolution of a bottleneck and has epsilon 1.001e-5."""
    model = make(name, weights=None, **options)
    if arithmetic == "keras":
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps = 1.001e-5
            if isinstance(module, torchvision.models.resnet.Bottleneck):
                module.conv1.stride, module.conv2.stride = module.conv2.stride, (1, 1)
    elif arithmetic != "torchvision":
        model.maxpool = SameMaxPool2d()
    if arithmetic == "same":
        for parent in list(model.modules()):
            for key, conv in list(parent.named_children()):
                if isinstance(conv, nn.Conv2d) and conv.stride[0] > 1:
                    same = SameConv2d(
                        conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, bias=False)
                    setattr(parent, key, same)
    return model
