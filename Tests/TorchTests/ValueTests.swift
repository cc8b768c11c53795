import Foundation
import Foundations
import Testing
import Torch

@Suite("Values")
struct ValueTests {
  @Test("Bytes come back as they went in, for every scalar type", arguments: ScalarType.allCases)
  func bytesRoundTrip(type: ScalarType) throws {
    let count = 6
    // Truth values are 0 or 1 in memory; every other type takes any bits.
    let bytes = (0..<(count * type.byteCount)).map { place -> UInt8 in
      type == .bool ? UInt8(place % 2) : UInt8(truncatingIfNeeded: place * 37 + 11)
    }
    let tensor = try bytes.withUnsafeBytes { try Tensor.fromBytes($0, shape: [2, 3], type: type) }
    #expect(tensor.shape == [2, 3])
    #expect(tensor.strides == [3, 1])
    #expect(tensor.scalarType == type)
    #expect(tensor.byteCount == bytes.count)
    #expect([UInt8](try tensor.bytes()) == bytes)
    let transposed = try tensor.transpose(0, 1)
    #expect(!transposed.isContiguous())
    #expect([UInt8](try transposed.transpose(0, 1).bytes()) == bytes)
    #expect(try transposed.clone(memoryFormat: .contiguous).shape == [3, 2])
  }

  @Test("A view is read in the order of its own shape, not of its memory")
  func readsViewsInOrder() throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    #expect(try x.transpose(0, 1).floats() == [1, 4, 2, 5, 3, 6])
    #expect(try x.slice(along: 1, by: 2).floats() == [1, 3, 4, 6])
  }

  @Test("Bytes that are too few or too many for the shape are refused")
  func wrongByteCount() throws {
    let bytes: [UInt8] = [1, 2, 3]
    let error = try #require(throws: TorchError.self) {
      try bytes.withUnsafeBytes { try Tensor.fromBytes($0, shape: [2], type: .float32) }
    }
    #expect(error.problem == "The shape takes 8 bytes but 3 were given.")
    let values = try #require(throws: TorchError.self) { try Tensor([1, 2, 3] as [Float], shape: [2, 2]) }
    #expect(values.problem == "The shape [2, 2] has 4 elements but 3 values were given.")
  }

  @Test("Tensors without elements and without dimensions keep their shape")
  func emptyAndScalar() throws {
    let empty = try Tensor([] as [Float], shape: [0, 3])
    #expect(empty.shape == [0, 3])
    #expect(try empty.floats().isEmpty)
    #expect(try empty.bytes().isEmpty)
    let scalar = try Tensor.scalar(2.5)
    #expect(scalar.shape.isEmpty)
    #expect(scalar.elementCount == 1)
    #expect(try scalar.item() == 2.5)
  }

  @Test("Values are read in the type that is asked for, and never lose a fraction in silence")
  func conversions() throws {
    let x = try Tensor([1, 0, -3] as [Int64])
    #expect(try x.doubles() == [1, 0, -3])
    #expect(try x.floats() == [1, 0, -3])
    #expect(try x.booleans() == [true, false, true])
    #expect(try Tensor([true, false]).integers() == [1, 0])
    #expect(try Tensor([1.5, 2] as [Double]).to(type: .bfloat16).floats() == [1.5, 2])
    let error = try #require(throws: TorchError.self) { try Tensor([1.5] as [Float]).integers() }
    #expect(error.problem == "A tensor of float32 cannot be read as integers without loss.")
  }

  @Test("A number of one element is read whatever its type; more elements are an error")
  func items() throws {
    #expect(try Tensor([7] as [UInt8]).item() == 7)
    #expect(try Tensor([true]).item() == 1)
    #expect(try Tensor([-4] as [Int64]).integerItem() == -4)
    #expect(throws: TorchError.self) { try Tensor([1, 2] as [Float]).item() }
    #expect(throws: TorchError.self) { try Tensor([1] as [Float]).integerItem() }
  }

  @Test("Two handles on one tensor, and views on one storage, are told apart from copies")
  func identity() throws {
    let x = try Tensor.zeros([4])
    let view = try x.reshape([2, 2])
    #expect(x.sharesStorage(with: view))
    #expect(!x.isSame(as: view))
    #expect(try x.to(type: .float32).isSame(as: x))
    #expect(try !x.clone().sharesStorage(with: x))
    try view.select(along: 0, index: 0).fillInPlace(3)
    #expect(try x.floats() == [3, 3, 0, 0])
  }

  @Test("safetensors names lead back to their scalar types", arguments: ScalarType.allCases)
  func safetensorsNames(type: ScalarType) {
    #expect(ScalarType(safetensorsName: type.safetensorsName) == type)
    #expect(ScalarType(safetensorsName: "F8") == nil)
  }

  @Test("A tensor describes its type, shape and device")
  func descriptions() throws {
    #expect(try Tensor.zeros([2, 3], type: .bfloat16).description == "bfloat16[2, 3] on cpu")
    #expect(try Tensor.empty([2], device: Device(.meta)).description == "float32[2] on meta")
  }

  @Test("A scalar type that has no form in Swift is refused by its number")
  func unsupportedType() throws {
    let error = try #require(throws: TorchError.self) {
      try Operator("aten::complex")(.tensor(Tensor.ones([2])), .tensor(Tensor.ones([2])))
    }
    #expect(error.kind == .unsupportedResult)
    #expect(error.problem == "A tensor has libtorch's scalar type number 9, which has no name here.")
  }
}
