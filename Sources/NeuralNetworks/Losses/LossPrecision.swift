import Torch

/// Logits of half precision as float32: sums over a batch of pixels lose all their digits in bfloat16.
func inLossPrecision(_ logits: Tensor) throws -> Tensor {
  switch logits.scalarType {
  case .float32, .float64: logits
  case .float16, .bfloat16: try logits.to(type: .float32)
  default: throw NeuralNetworksError.unsupportedType("\(logits.scalarType)", use: "Logits")
  }
}

func requireEqualShapes(_ logits: Tensor, _ targets: Tensor) throws {
  guard logits.shape == targets.shape else {
    throw NeuralNetworksError.shapeMismatch("The targets", expected: logits.shape, actual: targets.shape)
  }
}
