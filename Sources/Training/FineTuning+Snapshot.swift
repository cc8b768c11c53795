import Checkpoints
import Models
import NeuralNetworks
import Torch

/// Taking the state of a training out, and putting it back.
extension FineTuning {
  /// Everything the next step depends on.
  func snapshot() throws -> Snapshot {
    var tensors = try network.store.state.map { try $0.tensor.namedArray("model.\($0.name)") }
    tensors += try optimizer.state.map { try $0.tensor.namedArray("optimizer.\($0.name)") }
    for (entry, tensor) in zip(network.store.state, best ?? []) { tensors.append(try tensor.namedArray("best.\(entry.name)")) }
    return Snapshot(progress: progress, tensors: tensors)
  }

  /// Puts a snapshot back: the next step computes what it would have computed then.
  func restore(_ snapshot: Snapshot) throws {
    var byName = [String: NamedArray]()
    for array in snapshot.tensors { byName[array.name] = array }
    func take(_ name: String, into target: Tensor) throws {
      guard let saved = byName.removeValue(forKey: name) else { throw TrainingError.snapshotMismatch("\(name) is missing") }
      let tensor = try Tensor.copy(of: saved)
      guard tensor.shape == target.shape, tensor.scalarType == target.scalarType else {
        throw TrainingError.snapshotMismatch("\(name) is \(tensor), not \(target)")
      }
      try target.copy(from: tensor)
    }
    try withoutGradient {
      for (name, tensor) in network.store.state { try take("model.\(name)", into: tensor) }
      for (name, tensor) in optimizer.state { try take("optimizer.\(name)", into: tensor) }
      if snapshot.progress.bestEpoch != nil {
        best = try network.store.state.map { try $0.tensor.clone() }
        for (entry, tensor) in zip(network.store.state, best ?? []) { try take("best.\(entry.name)", into: tensor) }
      }
    }
    if let surplus = byName.keys.min() { throw TrainingError.snapshotMismatch("\(surplus) has no place in this run") }
    progress = snapshot.progress
    optimizer.learningRate = progress.schedule.learningRate
  }

  /// Copies a state, in the order of the network's own, into the network.
  func load(_ state: [Tensor]) throws {
    try withoutGradient {
      for (entry, tensor) in zip(network.store.state, state) { try entry.tensor.copy(from: tensor) }
    }
  }
}
