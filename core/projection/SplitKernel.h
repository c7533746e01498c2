/// Student's kernel 1 / (1 + u), u a squared distance, split at a radius into a smooth far part, which a coarse grid can carry,
/// and a near part, which is nothing beyond the radius and is summed pair by pair. The far part goes on inside the radius as its
/// Taylor polynomial of third degree in u about u_r = r²; what that leaves over has a closed form, t⁴ / (1 + u) with
/// t = (u_r − u) / (1 + u_r). The idea is molecular dynamics' particle-particle particle-mesh (Hockney & Eastwood 1988).
#pragma once

namespace latentoscope {

/// The far part at squared distance u for squared radius `squaredRadius` ≥ 0; of radius 0 it is the whole kernel.
inline double farKernel(double u, double squaredRadius)
{
    const double t = (squaredRadius - u) / (1 + squaredRadius);
    return t > 0 ? (1 - t * t * t * t) / (1 + u) : 1 / (1 + u);
}

} // namespace latentoscope
