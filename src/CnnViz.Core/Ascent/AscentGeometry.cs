using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The size of the picture, and the border around it while it climbs, for some layers.</summary>
/// <param name="Height">Height of the finished picture.</param>
/// <param name="Width">Width of the finished picture.</param>
/// <param name="Border">Pixels added on each side during the ascent.</param>
/// <param name="View">The size of views where it is not that of the image.</param>
/// <param name="TakesPictures">Whether the layers can be shown finished pictures as they are, not only views.</param>
internal readonly record struct AscentGeometry(int Height, int Width, int Border, Extent? View = null, bool TakesPictures = true)
{
    /// <summary>Height during the ascent.</summary>
    public int FullHeight => Height + 2 * Border;

    /// <summary>Width during the ascent.</summary>
    public int FullWidth => Width + 2 * Border;

    /// <summary>Images without the border.</summary>
    /// <param name="images">N×C×height×width during the ascent.</param>
    public torch.Tensor CutBorder(torch.Tensor images) => images.narrow(2, Border, Height).narrow(3, Border, Width);

    /// <summary>
    /// Finished pictures as the network is shown them: as they are or, where it does not take them, as much of their middle as has a
    /// view's shape, at the size of views.
    /// </summary>
    /// <param name="pictures">N×C×H×W without the border.</param>
    public torch.Tensor Show(torch.Tensor pictures) =>
        TakesPictures || View is not { } view ? pictures : CentralView.Of(pictures, view);

    /// <summary>
    /// The size that was asked for or, failing that, the recipe's; a layer that only takes the network's own input size (a dense
    /// layer, often) gets that, without a border. Where views have a size of their own, the picture may have any; by default it is
    /// so large that the largest crops are seen pixel for pixel.
    /// </summary>
    /// <exception cref="ImageSizeException">A layer cannot take the size that was asked for.</exception>
    public static AscentGeometry Find(IReadOnlyList<CnnLayer> layers, Recipe recipe)
    {
        if (recipe.Views.IsCropped || recipe.Views.Height > 0)
        {
            return FindWithViews(layers, recipe);
        }

        CnnLayer layer = layers.MaxBy(other => other.Node)!;
        LayerShape own = layer.Model.InputShape;
        (int height, int width) = recipe.Size ?? DefaultSize(recipe, own);
        int border = recipe.Image.BorderPixels ?? DefaultBorder(layer, Math.Min(height, width) * recipe.Image.Border);
        var candidates = new List<AscentGeometry> { new(height, width, border) };
        if (recipe.Image.BorderPixels is null && border > 0)
        {
            candidates.Add(new AscentGeometry(height, width, 0));
        }

        if (recipe.Size is null)
        {
            int given = recipe.Image.BorderPixels ?? 0;
            candidates.Add(new AscentGeometry(own.Height - 2 * given, own.Width - 2 * given, given));
        }

        foreach (AscentGeometry candidate in candidates)
        {
            if (candidate.Height > 0 && candidate.Width > 0 && Accepts(layers, candidate.FullHeight, candidate.FullWidth))
            {
                return candidate;
            }
        }

        throw Refusal(layers, candidates[^1], "-Size");
    }

    private static AscentGeometry FindWithViews(IReadOnlyList<CnnLayer> layers, Recipe recipe)
    {
        (ViewSettings views, LayerShape own) = (recipe.Views, layers[0].Model.InputShape);
        PictureSize usual = DefaultSize(recipe, own);
        Extent[] candidates = views.Height > 0
            ? [new Extent(views.Height, views.Width)]
            : [new Extent(usual.Height, usual.Width), new Extent(own.Height, own.Width)];
        foreach (Extent view in candidates.Where(view => Accepts(layers, (int)view.Height, (int)view.Width)))
        {
            double crop = Math.Max(views.CropFrom, views.CropTo);
            (int height, int width) =
                recipe.Size ?? new PictureSize((int)Math.Round(view.Height / crop), (int)Math.Round(view.Width / crop));
            int border = recipe.Image.BorderPixels ?? (int)Math.Round(Math.Min(height, width) * recipe.Image.Border);
            return new AscentGeometry(height, width, border, view, Accepts(layers, height, width));
        }

        throw Refusal(layers, new AscentGeometry((int)candidates[^1].Height, (int)candidates[^1].Width, 0), "ViewSize");
    }

    private static PictureSize DefaultSize(Recipe recipe, LayerShape own)
    {
        int side = Math.Min(recipe.UsualSide ?? int.MaxValue, Math.Min(own.Height, own.Width));
        return recipe.UsualSide is null ? new PictureSize(own.Height, own.Width) : new PictureSize(side, side);
    }

    // A whole number of strides: the cut picture meets the layer's grid as it did during the ascent. Cut elsewhere, it loses much of
    // its activation (a filter of GoogLeNet's inception_4c/3x3, stride 16: 79 of 332 is left after a cut of 25 pixels).
    private static int DefaultBorder(CnnLayer layer, double wanted)
    {
        double stride = layer.ReceptiveField.IsWholeImage ? 1 : Math.Max(1, layer.ReceptiveField.StrideWidth);
        return (int)Math.Round(Math.Round(wanted / stride, MidpointRounding.AwayFromZero) * stride);
    }

    /// <summary>Whether layers can take images of a size; finds out by trying.</summary>
    public static bool Accepts(IReadOnlyList<CnnLayer> layers, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        CnnModel model = layers[0].Model;
        try
        {
            torch.Tensor image = torch.zeros([1, model.InputShape.Channels, height, width], device: model.TorchDevice);
            torch.Tensor[] outputs = model.Graph.SubGraph([.. layers.Select(layer => layer.Node)])
                .RunAll(image, redirectGradients: false, default);
            return layers.Zip(outputs).All(pair => pair.Second.numel() > 0 && pair.Second.shape[1] == pair.First.Filters);
        }
        catch (ImageSizeException)
        {
            return false;
        }
    }

    private static ImageSizeException Refusal(IReadOnlyList<CnnLayer> layers, AscentGeometry wanted, string setting)
    {
        CnnLayer layer = layers.MaxBy(other => other.Node)!;
        LayerShape own = layer.Model.InputShape;
        (int low, int high) = (Math.Min(wanted.FullHeight, wanted.FullWidth), Math.Max(own.Height, own.Width));
        string reason = $"The network was made for {own.Height}×{own.Width}.";
        if (own.Height == own.Width && low < high && Accepts(layers, high, high))
        {
            while (high - low > 1)
            {
                int middle = (low + high) / 2;
                (low, high) = Accepts(layers, middle, middle) ? (low, middle) : (middle, high);
            }

            reason = $"The smallest that it takes is {high}×{high}, border included.";
        }

        string border = wanted.Border == 0 ? string.Empty : $" with a border of {wanted.Border}";
        return new ImageSizeException(
            "ImageSizeRefused",
            $"Layer '{layer.Name}' cannot take an image of {wanted.Height}×{wanted.Width}{border}. {reason}",
            $"Choose another {setting}, or leave it out.");
    }
}
