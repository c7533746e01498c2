/// Settings held against each other and against the images, beyond what each field allows by itself.
#pragma once

namespace latentoscope {

struct Configuration;
struct ImageShape;

/// What depends on several fields or on the data: layers that would vanish, padding of a whole kernel, too large a network.
/// Throws Error(InvalidArgument) with the field's name; allocates nothing.
void validate(const Configuration& configuration, const ImageShape& shape);

} // namespace latentoscope
