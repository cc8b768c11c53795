public import Torch

// torchvision's operators on tensors of brightness in 0…1, `[batch, channels, height, width]`, with a number for each image as
// `[batch, 1, 1, 1]`. What they were in Pillow they are but for the rounding to 256 levels after each.

/// factor · image, within 0…1.
public func brightnessAdjusted(_ images: Tensor, factors: Tensor) throws -> Tensor { try (images * factors).clamp(min: 0, max: 1) }

/// Between the mean gray of the image (factor 0) and itself (factor 1), and beyond.
public func contrastAdjusted(_ images: Tensor, factors: Tensor) throws -> Tensor {
  let mean = try luminance(of: images).mean(over: [1, 2, 3], keep: true)
  return try blended(images, with: mean, factors: factors)
}

/// Between the gray image (factor 0) and itself (factor 1), and beyond. Gray images stay as they are.
public func saturationAdjusted(_ images: Tensor, factors: Tensor) throws -> Tensor {
  if images.shape[1] == 1 { return images }
  return try blended(images, with: luminance(of: images), factors: factors)
}

/// The gray image in every channel.
public func grayed(_ images: Tensor) throws -> Tensor {
  if images.shape[1] == 1 { return images }
  return try luminance(of: images).expand(images.shape).contiguous()
}

/// The hue turned by a part of the circle, −0.5…0.5. Gray images stay as they are.
///
/// With M and m the largest and the smallest of red, green and blue and C = M − m, the hue is ((G − B)/C mod 6)/6 where red is the largest,
/// ((B − R)/C + 2)/6 where green is, ((R − G)/C + 4)/6 where blue is; the saturation is C/M and the value M (Smith 1978). Back: a channel is
/// V − V S max(0, min(k, 4 − k, 1)) with k = (n + 6 H) mod 6, n being 5 for red, 3 for green and 1 for blue.
public func hueTurned(_ images: Tensor, turns: Tensor) throws -> Tensor {
  if images.shape[1] == 1 { return images }
  let channels = try images.split(size: 1, along: 1)
  let (red, green, blue) = (channels[0], channels[1], channels[2])
  let value = try images.amax(over: [1], keep: true), chroma = try value - images.amin(over: [1], keep: true)
  let isGray = try chroma .== 0
  let divisor = try chroma.onesLike().where(isGray, otherwise: chroma)
  let saturation = try chroma / value.onesLike().where(isGray, otherwise: value)
  let fromRed = try (green - blue) / divisor, fromGreen = try (blue - red) / divisor + 2, fromBlue = try (red - green) / divisor + 4
  let sextant = try fromRed.where(value .== red, otherwise: fromGreen.where(value .== green, otherwise: fromBlue))
  let turned = try (sextant / 6 + turns).remainder(1)
  func channel(_ n: Int) throws -> Tensor {
    let k = try (turned * 6 + n).remainder(6)
    return try value - value * saturation * k.minimum(4 - k).clamp(min: 0, max: 1)
  }
  return try cat([channel(5), channel(3), channel(1)], along: 1).clamp(min: 0, max: 1)
}

/// 1 − v where v is at least the threshold.
public func solarized(_ images: Tensor, thresholds: Tensor) throws -> Tensor { try (1 - images).where(images .>= thresholds, otherwise: images) }

/// v plus an amount where v is below one half, at most 1.
public func brightenedBelowHalf(_ images: Tensor, amounts: Tensor) throws -> Tensor {
  // 128 of 255, as Pillow's levels have it.
  try (images + amounts).clamp(min: 0, max: 1).where(images .< 128.0 / 255, otherwise: images)
}

/// 1 − v.
public func inverted(_ images: Tensor) throws -> Tensor { try 1 - images }

/// factor · image + (1 − factor) · other, within 0…1.
func blended(_ images: Tensor, with other: Tensor, factors: Tensor) throws -> Tensor {
  try (images * factors + other * (1 - factors)).clamp(min: 0, max: 1)
}

/// `[batch, 1, height, width]`: 0.2989 red + 0.587 green + 0.114 blue, whose weights come to 0.9999 in torchvision too; the one channel of gray images.
func luminance(of images: Tensor) throws -> Tensor {
  if images.shape[1] == 1 { return images }
  let channels = try images.split(size: 1, along: 1)
  return try channels[0] * 0.2989 + channels[1] * 0.587 + channels[2] * 0.114
}
