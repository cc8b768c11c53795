import Testing
import Torch

@testable import NeuralNetworks

@Suite struct WindowTests {
  /// Worked out from TensorFlow's definition: ⌈size / stride⌉ windows, the smaller half of the padding before.
  @Test(
    "SAME pads what the windows lack, the smaller half before",
    arguments: [
      (224, 7, 2, 2, 3), (112, 3, 2, 0, 1), (113, 3, 2, 1, 1), (225, 7, 2, 3, 3), (7, 3, 1, 1, 1), (56, 1, 2, 0, 0), (57, 1, 2, 0, 0),
      (1, 3, 2, 1, 1), (2, 7, 2, 2, 3),
    ])
  func amounts(size: Int, kernelSize: Int, stride: Int, before: Int, behind: Int) {
    let amounts = WindowPadding.same.amounts(size: size, kernelSize: kernelSize, stride: stride)
    #expect(amounts == (before, behind))
    #expect((size + before + behind - kernelSize) / stride + 1 == (size + stride - 1) / stride)
  }

  @Test("A SAME convolution of 3 in steps of 2 starts at the first pixel of an even row, and before that of an odd one")
  func convolution() throws {
    let store = try ParameterStore(type: .float64, generator: Generator(seed: 1))
    let sum = try Conv2d(
      ParameterScope(store), inputChannels: 1, outputChannels: 1, kernelSize: 3, stride: 2, padding: .same,
      weightInitialization: .ones)
    let even = try Tensor([1.0, 2, 3, 4], shape: [1, 1, 1, 4]).expand([1, 1, 2, 4])
    // Two rows of 1 + 2 + 3, and of 3 + 4; then one row of 1 + 2, 2 + 3 + 4 and 4 + 5.
    #expect(try sum(even).doubles() == [12, 14])
    let odd = try Tensor([1.0, 2, 3, 4, 5], shape: [1, 1, 1, 5])
    #expect(try sum(odd).doubles() == [3, 9, 9])
  }

  @Test("Padding never wins a maximum, even over negative numbers")
  func maximum() throws {
    let pool = MaxPool2d(kernelSize: 3, stride: 2, padding: .same)
    let x = try Tensor([-1.0, -2, -3, -4], shape: [1, 1, 1, 4]).expand([1, 1, 4, 4])
    #expect(try pool(x).doubles() == [-1, -3, -1, -3])
    let symmetric = MaxPool2d(kernelSize: 3, stride: 2, padding: .symmetric(1))
    #expect(try symmetric(x).doubles() == [-1, -2, -1, -2])
  }
}
