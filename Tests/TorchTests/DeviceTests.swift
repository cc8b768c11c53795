import Foundation
import Foundations
import Testing
import Torch

@Suite("Devices")
struct DeviceTests {
  @Test("A device is read from its name and written back", arguments: ["cpu", "cuda:0", "cuda:3", "mps", "meta"])
  func names(name: String) throws {
    #expect(try Device(parsing: name).description == name)
  }

  @Test("cuda alone is the first GPU")
  func bareCUDA() throws { #expect(try Device(parsing: "cuda") == .cuda(0)) }

  @Test(
    "What is no device's name is refused", arguments: ["", "gpu", "cuda:", "cuda:-1", "cuda:x", "cpu:0", "cuda:0:1"])
  func wrongNames(name: String) throws {
    let error = try #require(throws: TorchError.self) { try Device(parsing: name) }
    #expect(error.description == "\"\(name)\" is not the name of a device. Write cpu, cuda or cuda:<number>.")
  }

  @Test("A GPU that is not there is an error, never the CPU in silence")
  func absentGPU() throws {
    let beyond = Device.cuda(Device.cudaDeviceCount)
    let error = try #require(throws: TorchError.self) { try beyond.validate() }
    #expect(error.kind == .deviceFailed)
    #expect(throws: TorchError.self) { try Tensor.zeros([1], device: beyond) }
    #expect(throws: TorchError.self) { try Generator(seed: 1, device: beyond) }
    #expect(throws: TorchError.self) { try TorchRuntime.cudaMemory(Device.cudaDeviceCount) }
  }

  @Test("A tensor on the meta device has a shape and computes shapes")
  func meta() throws {
    let x = try Tensor.empty([1 << 40, 3], device: Device(.meta))
    let y = try x.mm(Tensor.empty([3, 4], device: Device(.meta))) * 2
    #expect(y.shape == [1 << 40, 4] && y.device == Device(.meta))
  }
}

@Suite(
  "CUDA", .enabled(if: Device.cudaIsAvailable, "libtorch sees no CUDA device here, so nothing is claimed about one"))
struct CUDATests {
  @Test("Values go to the GPU and come back the same")
  func roundTrip() throws {
    let x = try Tensor([1, 2, 3] as [Float], device: .cuda())
    #expect(x.device == .cuda(0))
    #expect(try x.floats() == [1, 2, 3])
    #expect(try (x * 2).to(device: .cpu).floats() == [2, 4, 6])
  }

  @Test("A convolution's value and gradient are those of the CPU")
  func convolution() throws {
    let generator = try Generator(seed: 1)
    let image = try Tensor.randn([2, 3, 16, 16], generator: generator, type: .float64)
    let weight = try Tensor.randn([4, 3, 3, 3], generator: generator, type: .float64)
    let results = try [Device.cpu, .cuda()].map { device in
      let w = try weight.to(device: device, copy: true).setRequiresGradient(true)
      let y = try conv2d(image.to(device: device), weight: w)
      try y.square().mean().backward()
      return (y: try y.to(device: .cpu), gradient: try #require(w.gradient).to(device: .cpu))
    }
    #expect(try results[0].y.isClose(to: results[1].y, absoluteTolerance: 1e-10))
    #expect(try results[0].gradient.isClose(to: results[1].gradient, absoluteTolerance: 1e-10))
  }

  @Test("Autocast on the GPU convolves in bfloat16 and leaves gradients in float32")
  func autocast() throws {
    let w = try Tensor.ones([4, 3, 3, 3], device: .cuda()).setRequiresGradient(true)
    let y = try withAutocast(on: .cuda()) { try conv2d(Tensor.ones([1, 3, 8, 8], device: .cuda()), weight: w) }
    #expect(y.scalarType == .bfloat16)
    try y.to(type: .float32).sum().backward()
    #expect(w.gradient?.scalarType == .float32)
  }

  @Test("A generator of the GPU repeats its stream from its seed and its state")
  func generators() throws {
    let generator = try Generator(seed: 9, device: .cuda())
    let first = try Tensor.randn([100], generator: generator).bytes()
    let state = try generator.state()
    let second = try Tensor.randn([100], generator: generator).bytes()
    #expect(first != second)
    try generator.setState(state)
    #expect(try Tensor.randn([100], generator: generator).bytes() == second)
    #expect(try Tensor.randn([100], generator: Generator(seed: 9, device: .cuda())).bytes() == first)
  }

  @Test("Memory that tensors take is counted")
  func memory() throws {
    let before = try TorchRuntime.cudaMemory().allocated.current
    let x = try Tensor.zeros([1 << 20], type: .uint8, device: .cuda())
    try TorchRuntime.synchronize(x.device)
    #expect(try TorchRuntime.cudaMemory().allocated.current >= before + x.byteCount)
  }

  @Test("Pinned memory is copied to the GPU")
  func pinned() throws {
    let x = try Tensor([1, 2, 3] as [Float]).pinned()
    #expect(try x.to(device: .cuda(), nonBlocking: true).floats() == [1, 2, 3])
  }
}
