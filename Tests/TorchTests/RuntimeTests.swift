import Foundation
import Foundations
import Testing
import Torch

@Suite("Runtime")
struct RuntimeTests {
  // Tests that count or set what belongs to the whole process run in a process of their own.

  @Test("A million tensors come and go in flat memory, and no handle is left")
  func millionTensors() async {
    await #expect(processExitsWith: .success) {
      let round = { (count: Int) in
        for _ in 0..<count { _ = try Tensor.empty([16]).add(1) }
      }
      try round(1000)
      let handles = Tensor.liveHandleCount
      let memory = TorchRuntime.processMemory.current
      try round(500_000)
      #expect(memory > 0)
      #expect(Tensor.liveHandleCount == handles)
      #expect(TorchRuntime.processMemory.current - memory < 4 << 20)
    }
  }

  @Test("No kind of result, and no failure, leaves a handle behind")
  func noHandleIsLeft() async {
    await #expect(processExitsWith: .success) {
      let x = try Tensor.ones([4, 4]).setRequiresGradient(true)
      let before = Tensor.liveHandleCount
      for _ in 0..<100 {
        _ = try x.sort()
        _ = try x.unbind()
        _ = try x.unique()
        _ = try Foreach.norm([x, x])
        _ = try? Operator("aten::sort")(.tensor(x))
        _ = try? Operator("aten::unbind.int")(.tensor(x))
        _ = try? Operator("aten::complex")(.tensor(x.detach()), .tensor(x.detach()))
        _ = try? x.mm(Tensor.ones([3, 3]))
        _ = try? Tensor([1] as [Float], shape: [2])
        try (x * x).sum().backward()
        _ = try gradients(of: [(x * x).sum()], by: [x])
        _ = x.gradient
        try x.clearGradient()
        _ = try Generator(seed: 1).state()
      }
      #expect(Tensor.liveHandleCount == before)
    }
  }

  @Test("The thread count is what it was set to, and results for one count are the same bytes")
  func threads() async {
    await #expect(processExitsWith: .success) {
      #expect(throws: TorchError.self) { try TorchRuntime.setThreadCount(0) }
      try TorchRuntime.setInteroperatorThreadCount(1)
      #expect(TorchRuntime.interoperatorThreadCount == 1)
      #expect(throws: TorchError.self) { try TorchRuntime.setInteroperatorThreadCount(2) }
      try TorchRuntime.setThreadCount(2)
      #expect(TorchRuntime.threadCount == 2)
      let x = try Tensor.randn([300, 300], generator: Generator(seed: 1))
      #expect(try x.mm(x).bytes() == x.mm(x).bytes())
    }
  }

  @Test("Deterministic algorithms can be asked for and are reported")
  func deterministic() async {
    await #expect(processExitsWith: .success) {
      #expect(!TorchRuntime.usesDeterministicAlgorithms)
      try TorchRuntime.setDeterministicAlgorithms(true)
      #expect(TorchRuntime.usesDeterministicAlgorithms)
    }
  }

  @Test("Seeding the shared generators makes dropout repeat itself")
  func sharedSeed() async {
    await #expect(processExitsWith: .success) {
      let draw = {
        try TorchRuntime.seedSharedGenerators(5)
        return try dropout(Tensor.ones([64]), probability: 0.5, training: true).bytes()
      }
      #expect(try draw() == draw())
      let state = try Generator.shared().state()
      let next = try dropout(Tensor.ones([64]), probability: 0.5, training: true).bytes()
      try Generator.shared().setState(state)
      #expect(try dropout(Tensor.ones([64]), probability: 0.5, training: true).bytes() == next)
    }
  }

  #if os(Linux)
    @Test("With the allocator set, memory that was freed stays with the process")
    func allocator() async {
      await #expect(processExitsWith: .success) {
        #expect(TorchRuntime.configureAllocator())
        let size = 64 << 20
        do { _ = try Tensor.ones([size], type: .uint8) }
        #expect(TorchRuntime.processMemory.current > size)
      }
    }
  #endif

  @Test("The runtime names its version, its build and its CPU")
  func names() {
    #expect(TorchRuntime.version.hasPrefix("2."))
    #expect(TorchRuntime.configuration.contains("PyTorch built with"))
    #expect(!TorchRuntime.cpuCapability.isEmpty)
    if TorchRuntime.cpuHasBFloat16 { #expect(TorchRuntime.cpuCapability != "DEFAULT") }
  }
}
