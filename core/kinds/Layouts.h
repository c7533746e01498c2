/// The parameters of each kind of network, named as PyTorch would, and what computing one image keeps in memory.
#pragma once

#include "core/kinds/Geometry.h"
#include "core/kinds/Parameters.h"

#include <vector>

namespace latentoscope {

struct ImageShape;
struct ModelOptions;

/// All parameters of an auto-encoder. The names number the layers of two sequences, encoder and decoder, with ReLU and
/// reshaping counted: what torch.nn.Sequential of the same layers gives. Dropout is a function, not a layer. Where
/// model.batch_norm is set, every layer before a ReLU has no bias and is followed by its normalisation, counted too.
std::vector<ParameterEntry> autoencoderLayout(const ModelOptions& options, const ImageShape& shape);

/// All parameters of a variational auto-encoder: the encoder's sequence up to its hidden layer, from which two linear layers
/// give the posterior ("posterior.mean", "posterior.log_variance"), and an auto-encoder's decoder.
std::vector<ParameterEntry> variationalLayout(const ModelOptions& options, const ImageShape& shape);

/// All parameters of a classifier: an auto-encoder's encoder, and the head, whose sequence counts ReLU and dropout ("head.0",
/// "head.3", "head.6"), and normalisation as above. A frozen encoder's are buffers, but for its running statistics, which
/// training leaves as they are.
std::vector<ParameterEntry> classifierLayout(const ModelOptions& options, const ImageShape& shape);

/// What an auto-encoder keeps of one image while it computes and takes gradients: every layer's values twice, and its input.
double autoencoderValuesAnImage(const ModelOptions& options, const ImageShape& shape);

/// The same of a variational one, and of a classifier.
double variationalValuesAnImage(const ModelOptions& options, const ImageShape& shape);
double classifierValuesAnImage(const ModelOptions& options, const ImageShape& shape);

} // namespace latentoscope
