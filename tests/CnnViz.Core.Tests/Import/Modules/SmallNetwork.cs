using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnViz.Tests.Import.Modules;

/// <summary>
/// A module as a user writes one: a stem in a Sequential, one rectifier for two convolutions, a shortcut, functions between the
/// submodules, and a dispose scope of its own.
/// </summary>
internal sealed class SmallNetwork : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> head;
    private readonly Module<Tensor, Tensor> stem;
    private readonly Module<Tensor, Tensor> block;
    private readonly Module<Tensor, Tensor> relu;
    private readonly Module<Tensor, Tensor> unused;

    public SmallNetwork()
        : base("SmallNetwork")
    {
        // Weights of which a few steps raise every filter.
        manual_seed(5);
        stem = Sequential(("conv", Conv2d(2, 4, 3, padding: 1)), ("bn", BatchNorm2d(4)));
        block = Conv2d(4, 4, 3, padding: 1);
        relu = ReLU();
        unused = Conv2d(4, 1, 1);
        head = Linear(4, 3);
        RegisterComponents();
    }

    public Module<Tensor, Tensor> Stem => stem;

    public Module<Tensor, Tensor> Unused => unused;

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = relu.call(stem.call(input));
        x = relu.call(x + block.call(x));
        return head.call(functional.dropout(x.mean([2, 3]), training: training)).MoveToOuterDisposeScope();
    }
}
