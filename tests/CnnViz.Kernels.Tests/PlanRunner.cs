using System.Runtime.InteropServices;

namespace CnnViz.Kernels.Tests;

/// <summary>Runs plans on arrays.</summary>
internal static class PlanRunner
{
    /// <summary>The outputs, and the images' gradient for a gradient of the outputs; null for zero.</summary>
    public static (float[][] Outputs, float[] Gradient) Run(KernelPlan plan, float[] images, int count, float[]?[] gradients, int threads)
    {
        using KernelRun run = Forward(plan, images, count, threads, out float[][] outputs);
        return (outputs, Backward(run, gradients, threads));
    }

    public static KernelRun Forward(KernelPlan plan, float[] images, int count, int threads, out float[][] outputs)
    {
        float[][] results = [.. plan.Outputs.Select(output => new float[count * output.Size])];
        using var pins = new Pins();
        KernelRun run = plan.Forward(pins.Pin(images), count, [.. results.Select(pins.Pin)], threads);
        outputs = results;
        return run;
    }

    public static float[] Backward(KernelRun run, float[]?[] gradients, int threads)
    {
        var result = new float[run.Count * run.Plan.Image.Size];
        using var pins = new Pins();
        run.Plan.Backward(run, [.. gradients.Select(gradient => gradient is null ? (PlainMaps?)null : pins.Pin(gradient))], pins.Pin(result), threads);
        return result;
    }

    // Arrays that do not move.
    private sealed unsafe class Pins : IDisposable
    {
        private readonly List<GCHandle> _handles = [];

        public PlainMaps Pin(float[] values)
        {
            var handle = GCHandle.Alloc(values, GCHandleType.Pinned);
            _handles.Add(handle);
            return new PlainMaps((float*)handle.AddrOfPinnedObject(), values.Length);
        }

        public void Dispose() => _handles.ForEach(handle => handle.Free());
    }
}
