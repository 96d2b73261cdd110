using TorchSharp;

namespace CnnViz.Networks.Modules;

/// <summary>Keeps a module from training for a while: no dropout, no batch statistics, no gradients of weights. Then it is as before.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly (torch.nn.Module Module, bool IsTraining)[] _modes;
    private readonly torch.Tensor[] _trained;

    /// <param name="module">The module; its submodules follow.</param>
    public EvaluationMode(torch.nn.Module module)
    {
        // Each by itself: a submodule may be kept in evaluation mode while the rest trains. A parent comes before its children,
        // because to set a parent's mode sets theirs.
        _modes = [(module, module.training), .. module.named_modules().Select(pair => (pair.module, pair.module.training))];
        _trained = [.. module.parameters().Where(parameter => parameter.requires_grad)];
        if (_modes.Any(mode => mode.IsTraining))
        {
            module.eval();
        }

        SetGradients(false);
    }

    public void Dispose()
    {
        SetGradients(true);
        foreach ((torch.nn.Module module, bool isTraining) in _modes.Any(mode => mode.IsTraining) ? _modes : [])
        {
            module.train(isTraining);
        }
    }

    private void SetGradients(bool on)
    {
        foreach (torch.Tensor parameter in _trained)
        {
            parameter.requires_grad = on;
        }
    }
}
