using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>A filter's activations for a picture after each of the <see cref="Disturbances"/>.</summary>
internal sealed class DisturbedActivations
{
    public DisturbedActivations(CnnFilter filter, SubGraph graph, torch.Tensor picture, CancellationToken cancellation)
    {
        Smaller = Scaled(Disturbances.Smaller);
        Larger = Scaled(Disturbances.Larger);
        Shifted = Activation(Disturbances.Shift);
        TurnedLeft = Activation(clean => Disturbances.Rotate(clean, Disturbances.Degrees));
        TurnedRight = Activation(clean => Disturbances.Rotate(clean, -Disturbances.Degrees));
        Jpeg = Activation(Disturbances.Jpeg);

        float Activation(Func<torch.Tensor, torch.Tensor> disturb)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return FilterResponse.Of(filter.Layer, graph, disturb(picture), cancellation).Means[filter.Index];
        }

        // A layer that takes one size only gets the middle of the larger picture, and the smaller one with reflected edges.
        float Scaled(double factor)
        {
            try
            {
                return Activation(clean => Disturbances.Scale(clean, factor));
            }
            catch (ImageSizeException)
            {
                return Activation(clean => Disturbances.Fit(Disturbances.Scale(clean, factor), clean.shape[1], clean.shape[2]));
            }
        }
    }

    public float Smaller { get; }

    public float Larger { get; }

    public float Shifted { get; }

    public float TurnedLeft { get; }

    public float TurnedRight { get; }

    public float Jpeg { get; }

    public IEnumerable<float> All => [Smaller, Larger, Shifted, TurnedLeft, TurnedRight, Jpeg];
}
