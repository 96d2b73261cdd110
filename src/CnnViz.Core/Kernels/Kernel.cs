namespace CnnViz.Kernels;

/// <summary>
/// One operation on maps, forward and back to its inputs. Both ways it gathers: each place of the result is written by whoever it belongs to
/// and depends on nothing but the maps that it is made of, so that pictures are the same whatever else is in the batch and however many
/// threads there are.
/// </summary>
internal abstract class Kernel
{
    /// <summary>The size of the result.</summary>
    public abstract MapShape Output { get; }

    /// <summary>Zeros that it needs around its inputs.</summary>
    public virtual int Halo => 0;

    /// <summary>Zeros that it needs around the result's gradient.</summary>
    public virtual int GradientHalo => 0;

    /// <summary>Whether it leaves a value beside each of the result for the way back.</summary>
    public virtual bool HasState => false;

    /// <summary>Whether it can cut its result off.</summary>
    public virtual bool CanClamp => false;

    /// <summary>Whether it can see to it that gradients of values that were cut off are zero.</summary>
    public virtual bool CanPass => true;

    /// <summary>What it cuts its result off to; null for nothing. The gradient that it is given has been through that.</summary>
    public ValueRange? Range { get; set; }

    /// <summary>Does what can be done once and for all, if it takes long; else it is done on the way.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>Computes the result.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="share">The part that is to be computed.</param>
    public abstract void Forward(KernelMaps maps, Share share);

    /// <summary>Computes the gradient of an input.</summary>
    /// <param name="maps">The maps; the result's gradient is known.</param>
    /// <param name="input">The input's number.</param>
    /// <param name="write">How it is written.</param>
    /// <param name="share">The part that is to be computed.</param>
    public abstract void Backward(KernelMaps maps, int input, GradientWrite write, Share share);
}

/// <summary>What a kernel works on.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Output">The result.</param>
/// <param name="State">What it leaves for the way back.</param>
/// <param name="Gradient">The result's gradient.</param>
/// <param name="InputGradients">The inputs' gradients.</param>
internal sealed record KernelMaps(MapView[] Inputs, MapView Output, MapView State, MapView Gradient, MapView[] InputGradients);
