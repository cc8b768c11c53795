/// A line without the points that nobody can see are missing (Douglas and Peucker, 1973): none is farther from the result than
/// 1/2000 of the panel.
///
/// Lines of up to `limit` points are left as they are.
func simplified(_ line: [Layer.Datum], in panel: Panel, above limit: Int) -> [Layer.Datum] {
  line.count > limit ? keptPoints(of: line.map { ($0.x, $0.y) }, in: panel).map { line[$0] } : line
}

func simplified(_ outline: [Layer.Place], in panel: Panel, above limit: Int) -> [Layer.Place] {
  outline.count > limit ? keptPoints(of: outline.map { ($0.x, $0.y) }, in: panel).map { outline[$0] } : outline
}

private func keptPoints(of points: [(x: Double, y: Double)], in panel: Panel) -> [Int] {
  guard points.count > 2 else { return Array(points.indices) }
  let width = max(panel.x.upper - panel.x.lower, 1e-12)
  let height = max(panel.y.upper - panel.y.lower, 1e-12)
  let places = points.map { (x: $0.x / width, y: $0.y / height) }
  var isKept = [Bool](repeating: false, count: points.count)
  isKept[0] = true
  isKept[points.count - 1] = true
  var open = [(0, points.count - 1)]
  while let (first, last) = open.popLast() {
    guard last - first > 1 else { continue }
    let a = places[first]
    let b = places[last]
    let dx = b.x - a.x
    let dy = b.y - a.y
    let squared = dx * dx + dy * dy
    var farthest = first
    var distance = 0.0
    for index in (first + 1)..<last {
      let p = places[index]
      // To the segment, not to the line through it: a curve may turn back.
      let share = squared > 0 ? min(1, max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / squared)) : 0
      let ox = p.x - a.x - share * dx
      let oy = p.y - a.y - share * dy
      let here = ox * ox + oy * oy
      if here > distance { (farthest, distance) = (index, here) }
    }
    if distance > 0.0005 * 0.0005 {
      isKept[farthest] = true
      open.append((first, farthest))
      open.append((farthest, last))
    }
  }
  return points.indices.filter { isKept[$0] }
}
