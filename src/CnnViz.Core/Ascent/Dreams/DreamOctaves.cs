using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The sizes that a photo is dreamt at, the smallest first, and the way from one to the next.</summary>
internal sealed class DreamOctaves
{
    // As many as Google's DeepDream has.
    private const int FewestByDefault = 4;

    // Octaves of less are left out.
    private const int LeastSide = 8;

    private readonly torch.Tensor _photo;
    private readonly torch.Device _device;

    /// <param name="photo">C×H×W, bytes; it stays the caller's.</param>
    /// <param name="settings">Number of octaves and their scale.</param>
    /// <param name="model">The network.</param>
    public DreamOctaves(torch.Tensor photo, DreamSettings settings, CnnModel model)
    {
        _photo = photo;
        _device = model.TorchDevice;
        var full = new Extent(photo.shape[1], photo.shape[2]);
        int count = settings.Octaves ?? DefaultCount(full, settings.OctaveScale, model.InputShape);
        Sizes = [.. Enumerable.Range(0, count)
            .Select(octave => Shrink(full, Math.Pow(settings.OctaveScale, octave)))
            .TakeWhile((size, octave) => octave == 0 || Math.Min(size.Height, size.Width) >= LeastSide)
            .Reverse()];
    }

    /// <summary>Height and width at each octave.</summary>
    public IReadOnlyList<Extent> Sizes { get; }

    /// <summary>The photo itself at an octave: 1×C×H×W, 0…1; belongs to the caller's dispose scope.</summary>
    public torch.Tensor Photo(int octave)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor full = _photo.unsqueeze(0).to(torch.ScalarType.Float32).DivInPlace(255).to(_device);
        torch.Tensor photo = octave == Sizes.Count - 1 ? full : Resize(full, Sizes[octave], antialias: true);
        return photo.MoveToOuterDisposeScope();
    }

    /// <summary>The photo at the next octave, with what was dreamt into it so far.</summary>
    /// <param name="image">1×C×H×W, the dream at this octave; it is used up.</param>
    /// <param name="octave">Number of this octave.</param>
    /// <returns>1×C×H×W; belongs to the caller's dispose scope.</returns>
    public torch.Tensor Next(torch.Tensor image, int octave)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor detail = image.sub_(Photo(octave));
        torch.Tensor next = Photo(octave + 1);
        next.AddInPlace(Resize(detail, Sizes[octave + 1], antialias: false));
        image.Dispose();
        return next.MoveToOuterDisposeScope();
    }

    private static torch.Tensor Resize(torch.Tensor images, Extent size, bool antialias) => torch.nn.functional.interpolate(
        images, size.ToArray(), mode: torch.InterpolationMode.Bilinear, align_corners: false, antialias: antialias);

    private static Extent Shrink(Extent full, double factor) =>
        new(Math.Max(1, (long)Math.Round(full.Height / factor)), Math.Max(1, (long)Math.Round(full.Width / factor)));

    // The coarsest octave shows the photo as small as the network knows pictures, or smaller: only then do large things appear in it.
    private static int DefaultCount(Extent full, double scale, LayerShape own)
    {
        double shrink = (double)Math.Min(full.Height, full.Width) / Math.Min(own.Height, own.Width);
        return Math.Max(FewestByDefault, 1 + (int)Math.Ceiling(Math.Log(Math.Max(1, shrink)) / Math.Log(scale)));
    }
}
