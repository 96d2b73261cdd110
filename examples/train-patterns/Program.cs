using CnnViz.Patterns.Drawing;
ContactSheet.Write(args[0], 1, 64, 20);

for (int i=0;i<3;i++){ using var im = new ImageMagick.MagickImage(args[0]); im.Crop(new ImageMagick.MagickGeometry(0,i*10*68,14*68,10*68)); im.ResetPage(); im.Sample(new ImageMagick.Percentage(200)); im.Write($"/tmp/s{i}.png"); }
