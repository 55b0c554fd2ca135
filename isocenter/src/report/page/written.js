(function(){var t=Date.parse(document.lastModified),e=document.getElementById("written");
if(e&&t>0&&Date.now()-t>1500)e.textContent="on "+new Date(t).toLocaleString("en-GB",{dateStyle:"long",timeStyle:"short"})+", by the time of this file (run.jsonl beside it has that of the run)"})();
