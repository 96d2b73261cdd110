using Mono.Cecil;
using Mono.Cecil.Cil;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Networks;

/// <summary>No number is handed to libtorch in a way that lets it be freed while it is read.</summary>
public sealed class HeldNumbersTests : EngineTest
{
    [Theory]
    [InlineData("CnnViz.Core.dll")]
    [InlineData("CnnViz.dll")]
    public void Nobody_but_HeldNumbers_hands_numbers_to_TorchSharp(string assembly)
    {
        string bin = Path.Combine(TestFiles.Root, "module", "bin");
        HashSet<string> careless = CarelessMethods(Path.Combine(bin, "TorchSharp.dll"));
        Assert.Contains("TorchSharp.torch/Tensor TorchSharp.torch/Tensor::add(TorchSharp.torch/Tensor)", careless);

        using ModuleDefinition module = ModuleDefinition.ReadModule(Path.Combine(bin, assembly));
        string[] calls =
        [
            .. from method in Methods(module)
               where Outermost(method.DeclaringType).Name != nameof(HeldNumbers)
               from called in Called(method)
               where careless.Contains(called)
               select $"{method.DeclaringType.FullName}.{method.Name} calls {called}; use {nameof(HeldNumbers)}",
        ];

        Assert.True(calls.Length == 0, string.Join('\n', calls.Distinct()));
    }

    [Fact]
    public async Task A_garbage_collection_at_any_moment_changes_nothing()
    {
        using var stop = new CancellationTokenSource();
        Task collector = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
            }
        });
        using (torch.Tensor values = torch.arange(8).to(torch.ScalarType.Float32))
        {
            for (int i = 0; i < 500; i++)
            {
                using var scope = torch.NewDisposeScope();
                float[] result = values.Add(1).Mul(2).Sub(2).Div(2).Clamp(0, 5).ToFloats();
                Assert.Equal([0, 1, 2, 3, 4, 5, 5, 5], result);
            }
        }

        stop.Cancel();
        await collector;
    }

    // Methods of TorchSharp that read a scalar's handle and do not keep the scalar until libtorch has returned; and those that call one of these.
    private static HashSet<string> CarelessMethods(string path)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        MethodDefinition[] methods = [.. Methods(module)];
        HashSet<string> careless = [.. methods.Where(IsCareless).Select(method => method.FullName)];
        int known;
        do
        {
            known = careless.Count;
            careless.UnionWith(methods.Where(method => Called(method).Any(careless.Contains)).Select(method => method.FullName));
        }
        while (careless.Count > known);
        return careless;
    }

    private static bool IsCareless(MethodDefinition method) =>
        method.DeclaringType.Name != nameof(Scalar)
        && Called(method).Contains("System.IntPtr TorchSharp.Scalar::get_Handle()")
        && !(Called(method).Contains("System.Void System.IDisposable::Dispose()")
            && method.Body.Variables.Any(variable => variable.VariableType.FullName == typeof(Scalar).FullName));

    private static IEnumerable<MethodDefinition> Methods(ModuleDefinition module) => module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<string> Called(MethodDefinition method) =>
        from instruction in method.Body.Instructions
        where instruction.OpCode.Code is Code.Call or Code.Callvirt or Code.Newobj or Code.Ldftn or Code.Ldvirtftn
        select ((MethodReference)instruction.Operand).GetElementMethod().FullName;
}
