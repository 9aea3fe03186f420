Console.WriteLine("folio-race");
